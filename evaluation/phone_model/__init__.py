"""How the phone model in the repository is made from labelled pictures: views of them, a new last stage, one file."""
