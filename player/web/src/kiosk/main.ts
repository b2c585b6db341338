import { k } from "./words";
document.title = k().title;
