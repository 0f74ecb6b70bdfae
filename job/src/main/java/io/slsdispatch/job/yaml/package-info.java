/**
 * A small framework that reads YAML by declared options. {@link io.slsdispatch.job.yaml.YamlParser} returns a tree of
 * {@link io.slsdispatch.job.yaml.ConfigNode}s, each with its {@link io.slsdispatch.job.yaml.SourceLocation}. An
 * {@link io.slsdispatch.job.yaml.Option} and its {@link io.slsdispatch.job.yaml.ValueType} define which values are
 * allowed. {@link io.slsdispatch.job.yaml.SectionReader} reads the tree into
 * {@link io.slsdispatch.job.yaml.SectionValues} and collects all {@link io.slsdispatch.job.yaml.ConfigErrors}. Depends
 * on nothing else in this project: it knows neither SLS nor any specific option.
 */
@NullMarked
package io.slsdispatch.job.yaml;

import org.jspecify.annotations.NullMarked;
