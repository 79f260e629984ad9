"""The six databases: what each operation becomes, what values look like, and what a script needs around them."""
