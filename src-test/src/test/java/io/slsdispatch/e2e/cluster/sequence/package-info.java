/** A small job of the rig's own, packed into a jar by its test. */
@NullMarked
package io.slsdispatch.e2e.cluster.sequence;

import org.jspecify.annotations.NullMarked;
