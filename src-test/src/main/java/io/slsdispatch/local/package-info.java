/**
 * SLS Local: a server that the official SDKs of SLS cannot tell from the service. Depends on nothing else of this
 * project.
 */
@NullMarked
package io.slsdispatch.local;

import org.jspecify.annotations.NullMarked;
