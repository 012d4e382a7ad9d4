"""The official documents: what each of them says, in one language, and which there are."""
