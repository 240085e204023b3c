package io.yuntai.console.chat;

import io.yuntai.ledger.threads.ThreadOwner;
import io.yuntai.server.gateway.Principal;

/**
 * Who chats, within a tenant.
 *
 * @param owner of the threads
 * @param principal who asks models, and pays
 * @param currency that the tenant pays in
 */
record ChatPerson(ThreadOwner owner, Principal principal, String currency) {}
