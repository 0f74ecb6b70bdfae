/** Access keys and the signatures V1 and V4 of requests. Depends on {@code http} for requests. */
@NullMarked
package io.slsdispatch.local.signature;

import org.jspecify.annotations.NullMarked;
