/** Rules that stand in a logstore: how they are written there, and how the newest are found. Knows only the connector. */
@NullMarked
package io.slsdispatch.job.rules;

import org.jspecify.annotations.NullMarked;
