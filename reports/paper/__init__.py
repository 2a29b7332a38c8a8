"""A report as PDF: its facts as data, set by Typst in a process of its own."""
