/** Tenants: their list, their people, projects, service accounts, keys and budgets. */
@NullMarked
package io.yuntai.console.tenants;

import org.jspecify.annotations.NullMarked;
