/** The administration of SLS Local: who may use it. */
@NullMarked
package io.slsdispatch.local.admin;

import org.jspecify.annotations.NullMarked;
