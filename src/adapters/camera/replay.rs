//! Pictures, folders and animations played as a camera.
