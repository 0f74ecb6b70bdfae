/**
 * SLS Local: an emulator of Alibaba Cloud SLS. The official SDKs cannot distinguish it from the service within the part
 * of the API that this project uses. Start with {@link io.slsdispatch.local.SlsLocal}. Depends on all of its
 * subpackages and on nothing else in this project.
 */
@NullMarked
package io.slsdispatch.local;

import org.jspecify.annotations.NullMarked;
