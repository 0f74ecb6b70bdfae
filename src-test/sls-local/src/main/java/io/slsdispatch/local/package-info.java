/**
 * SLS Local: a server that the official SDKs of SLS cannot tell from the service, within the part of the API that this
 * project uses. Start with {@link io.slsdispatch.local.SlsLocal}. Uses all packages below it, and nothing else of this
 * project.
 */
@NullMarked
package io.slsdispatch.local;

import org.jspecify.annotations.NullMarked;
