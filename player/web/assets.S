/* The compressed files of the page as one block; generated/assets.cpp knows where each begins. */
    .section .rodata
    .global hub_web_assets_begin
    .balign 16
hub_web_assets_begin:
    .incbin "assets.bin"
    .section .note.GNU-stack, "", %progbits
