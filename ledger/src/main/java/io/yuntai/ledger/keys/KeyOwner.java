package io.yuntai.ledger.keys;

import io.yuntai.ledger.tenancy.Role;

/**
 * Whose key it is.
 *
 * @param orgId row of the organisation
 * @param organisation its name
 * @param projectId row of the project
 * @param project its name
 * @param userId row of the person whose key it is; 0 for nobody's
 * @param user the person's e-mail address; empty for nobody's
 * @param serviceAccount the program whose key it is; empty for none's
 * @param role what the key may do where it has the scope {@code admin}
 * @param suspended whether the organisation is not served for the time being
 * @param answersGoOn whether its answers go on whose clients leave, unless a request says otherwise
 */
public record KeyOwner(
    long orgId,
    String organisation,
    long projectId,
    String project,
    long userId,
    String user,
    String serviceAccount,
    Role role,
    boolean suspended,
    boolean answersGoOn) {}
