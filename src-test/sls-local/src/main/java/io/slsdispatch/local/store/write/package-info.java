/** Serialized changes to the store and their durability. Depends on nothing. */
@NullMarked
package io.slsdispatch.local.store.write;

import org.jspecify.annotations.NullMarked;
