/**
 * Settings of how SLS Local responds: behaviour where the service's is unclear, quotas, and load tests. Depends on
 * nothing.
 */
@NullMarked
package io.slsdispatch.local.settings;

import org.jspecify.annotations.NullMarked;
