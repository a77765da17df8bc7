//! Which county a report is about, from the words of its title.
