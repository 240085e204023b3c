package io.yuntai.server.console;

import io.yuntai.server.admin.AdminCalls;
import io.yuntai.server.admin.AdminServices;
import io.yuntai.server.auth.OidcProviders;
import io.yuntai.server.auth.SessionGate;
import io.yuntai.server.energy.EnergyMeter;
import io.yuntai.server.gateway.EncoderGateway;
import io.yuntai.server.gateway.Gateway;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.http.InFlight;
import io.yuntai.server.runs.Runs;
import io.yuntai.server.shelf.ModelShelf;
import io.yuntai.server.standing.Standing;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What pages stand on.
 *
 * @param admin for reading: tenants, keys, budgets, usage, prices, invoices
 * @param calls for changing: the admin API's own routes, with their checks and their audit log
 * @param gate who is behind a cookie
 * @param providers where one may sign in
 * @param models may gain and lose models while the server runs
 * @param shelf what models there are, and what could be
 * @param standing what of the server needs somebody
 * @param gateway generates answers
 * @param encoders computes vectors and scores
 * @param runs answers that go on without their client
 * @param inFlight what is being answered
 * @param energy what the machine draws; empty where it has no meter
 * @param clock tells the time
 * @param random for tokens and seeds
 */
public record ConsoleServices(
    AdminServices admin,
    AdminCalls calls,
    SessionGate gate,
    OidcProviders providers,
    ModelHost models,
    ModelShelf shelf,
    Standing standing,
    Gateway gateway,
    EncoderGateway encoders,
    Runs runs,
    InFlight inFlight,
    Optional<EnergyMeter> energy,
    InstantSource clock,
    SecureRandom random) {}
