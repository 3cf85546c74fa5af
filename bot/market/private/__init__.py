"""What is private in free text, found by what it is: numbers, addresses, names, whatever they are written with."""
