/** SLS Local serves the official consumer library, which is run as it is in processes of its own. */
@NullMarked
package io.slsdispatch.local.consumer;

import org.jspecify.annotations.NullMarked;
