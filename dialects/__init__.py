"""The databases that sqlgen writes scripts for, one file each."""
