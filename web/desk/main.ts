// Entry of the desk: pages for officers at a computer.
import '../shared/tokens.css'
