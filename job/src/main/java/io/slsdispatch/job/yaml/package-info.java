/**
 * Reading YAML by declared options: {@link io.slsdispatch.job.yaml.YamlParser} gives a tree of
 * {@link io.slsdispatch.job.yaml.ConfigNode}s that know their {@link io.slsdispatch.job.yaml.SourceLocation}; an
 * {@link io.slsdispatch.job.yaml.Option} and its {@link io.slsdispatch.job.yaml.ValueType} say what is allowed there;
 * {@link io.slsdispatch.job.yaml.SectionReader} reads the tree by them into
 * {@link io.slsdispatch.job.yaml.SectionValues} and collects all {@link io.slsdispatch.job.yaml.ConfigErrors}. Depends on
 * nothing else in this project: it knows neither SLS nor any option.
 */
@NullMarked
package io.slsdispatch.job.yaml;

import org.jspecify.annotations.NullMarked;
