/** Tests that official SDKs work against SLS Local as they are, and that what it does not serve is refused. */
@NullMarked
package io.slsdispatch.local.sdk;

import org.jspecify.annotations.NullMarked;
