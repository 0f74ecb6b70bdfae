/** How changes to the store are made one after the other, and when they are durable. Depends on nothing. */
@NullMarked
package io.slsdispatch.local.store.write;

import org.jspecify.annotations.NullMarked;
