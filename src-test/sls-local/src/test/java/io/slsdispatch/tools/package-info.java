/** Programs that some tests need beside Java and that not every machine has. */
@NullMarked
package io.slsdispatch.tools;

import org.jspecify.annotations.NullMarked;
