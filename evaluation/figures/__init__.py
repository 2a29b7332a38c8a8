"""What every measurement is made of: labelled data, sections, intervals, the printed report."""
