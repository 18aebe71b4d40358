"""HTTP: AWS calls on the loop, everything else to Flask. It knows no service and no model of AWS."""
