"""
The programme in Excel with nothing installed on the desktop: `cmswp serve`.

It runs xlwings-server with the project folder `site` in this process, behind a gate that bounds
and records every request. xlwings-server and the server parts of xlwings are under the PolyForm
Noncommercial licence and need a key; everything here is only their user.
"""
