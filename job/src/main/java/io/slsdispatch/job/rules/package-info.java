/**
 * Which log group goes to which targets. {@link io.slsdispatch.job.rules.RuleTable} is what the configuration says, checked;
 * {@link io.slsdispatch.job.rules.RuleMatcher} is the same table prepared for millions of groups. Rules that are kept outside
 * the configuration are read ({@link io.slsdispatch.job.rules.RulesLoader}, {@link io.slsdispatch.job.rules.RulesReader}) and
 * published ({@link io.slsdispatch.job.rules.RulesLog}) here, too. Uses the connector and {@code job.yaml}; knows neither Flink
 * nor who applies the rules.
 */
@NullMarked
package io.slsdispatch.job.rules;

import org.jspecify.annotations.NullMarked;
