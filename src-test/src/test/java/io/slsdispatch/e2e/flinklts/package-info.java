/** The fat jar on the long-term support line of Flink, which is older than the one that it is compiled against. */
@NullMarked
package io.slsdispatch.e2e.flinklts;

import org.jspecify.annotations.NullMarked;
