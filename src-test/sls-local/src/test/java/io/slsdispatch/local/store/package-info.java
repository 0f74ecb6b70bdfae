/** Tests of what is stored, in the form in which earlier builds stored it. */
@NullMarked
package io.slsdispatch.local.store;

import org.jspecify.annotations.NullMarked;
