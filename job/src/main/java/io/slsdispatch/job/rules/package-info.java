/**
 * The rules that decide which log group goes to which targets. {@link io.slsdispatch.job.rules.RuleTable} holds the
 * checked rules of the configuration; {@link io.slsdispatch.job.rules.RuleMatcher} is the same table prepared for
 * millions of groups. This package also reads rules from outside the configuration
 * ({@link io.slsdispatch.job.rules.RulesLoader}, {@link io.slsdispatch.job.rules.RulesReader}) and publishes them
 * ({@link io.slsdispatch.job.rules.RulesLog}). Uses the connector and {@code job.yaml}; knows neither Flink nor the
 * code that applies the rules.
 */
@NullMarked
package io.slsdispatch.job.rules;

import org.jspecify.annotations.NullMarked;
