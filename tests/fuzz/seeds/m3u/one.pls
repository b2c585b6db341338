[playlist]
NumberOfEntries=1
File1=http://u:p@a/x?k=1
