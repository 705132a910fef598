//! Linear-light luminance and colour as ISO/IEC 29794-5 reads them.
