//! A file per fault: what happens when camera, disk, gallery, model or clock fail.
