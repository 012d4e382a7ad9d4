"""The words for people: of issues, failures, figures, the ribbon and the task pane."""
