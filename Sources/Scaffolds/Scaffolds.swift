enum ScaffoldsPlaceholder {}
