/**
 * Which log group goes to which targets. {@link io.slsdispatch.job.rules.RuleTable} is what the configuration says, checked;
 * {@link io.slsdispatch.job.rules.RuleMatcher} is the same table prepared for millions of groups. Rules that are stored in a
 * logstore are written and found here, too. Knows the connector, and nothing of Flink.
 */
@NullMarked
package io.slsdispatch.job.rules;

import org.jspecify.annotations.NullMarked;
