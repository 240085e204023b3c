package io.yuntai.server.auth;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.claims.ClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import io.yuntai.ledger.identity.SignIn.ProvenIdentity;
import io.yuntai.ledger.identity.SignInException;
import io.yuntai.ledger.identity.SignInException.Reason;
import io.yuntai.server.config.SignInSettings.OidcProvider;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our side of OpenID Connect with one provider: authorization code with PKCE (RFC 7636), what the
 * provider says of itself (Discovery 1.0), and its signed word on who somebody is (Core 1.0,
 * 3.1.3.7). Safe for use by many threads.
 */
final class OidcClient {
  private static final Logger LOG = LoggerFactory.getLogger(OidcClient.class);
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final int MAX_KEYS_BYTES = 256 << 10;
  private static final Duration METADATA_GOOD_FOR = Duration.ofHours(1);

  /** Signatures with keys that only the provider has. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private final OidcProvider provider;
  private volatile @Nullable Known known;

  /** What a provider says of itself, and until when that is believed. */
  private record Known(OIDCProviderMetadata metadata, long untilNanos) {}

  OidcClient(OidcProvider provider) {
    this.provider = provider;
  }

  OidcProvider provider() {
    return provider;
  }

  /** Where to send somebody. */
  URI address(URI callback, State state, Nonce nonce, CodeVerifier verifier) {
    return new AuthenticationRequest.Builder(
            ResponseType.CODE,
            new Scope("openid", "email", "profile"),
            new ClientID(provider.clientId()),
            callback)
        .endpointURI(metadata().getAuthorizationEndpointURI())
        .state(state)
        .nonce(nonce)
        .codeChallenge(verifier, CodeChallengeMethod.S256)
        .build()
        .toURI();
  }

  private OIDCProviderMetadata metadata() {
    Known now = known;
    if (now != null && System.nanoTime() - now.untilNanos() < 0) {
      return now.metadata();
    }
    try {
      OIDCProviderMetadata metadata =
          OIDCProviderMetadata.resolve(
              new Issuer(provider.issuer()), TIMEOUT_MILLIS, TIMEOUT_MILLIS);
      if (metadata.getAuthorizationEndpointURI() == null
          || metadata.getTokenEndpointURI() == null
          || metadata.getJWKSetURI() == null) {
        throw refused("its configuration names no endpoints", null);
      }
      known = new Known(metadata, System.nanoTime() + METADATA_GOOD_FOR.toNanos());
      return metadata;
    } catch (GeneralException | IOException e) {
      throw refused("its configuration can't be read", e);
    }
  }

  /**
   * Who came back.
   *
   * @param issuer what the answer says of who gave it (RFC 9207); empty where it says nothing
   */
  ProvenIdentity prove(
      String code, String issuer, URI callback, Nonce nonce, CodeVerifier verifier) {
    OIDCProviderMetadata metadata = metadata();
    if (!issuer.isEmpty() && !issuer.equals(metadata.getIssuer().getValue())) {
      throw refused("another provider answered", null);
    }
    try {
      OIDCTokenResponse tokens = tokens(metadata, code, callback, verifier);
      JWT idToken = tokens.getOIDCTokens().getIDToken();
      IDTokenClaimsSet claims = validator(metadata, idToken).validate(idToken, nonce);
      ClaimsSet person =
          claims.getStringClaim("email") == null ? more(metadata, tokens, claims) : claims;
      return identity(claims, person);
    } catch (BadJOSEException e) {
      throw refused("its token is not valid", e);
    } catch (GeneralException | com.nimbusds.jose.JOSEException | IOException e) {
      throw refused("it could not be asked", e);
    }
  }

  private OIDCTokenResponse tokens(
      OIDCProviderMetadata metadata, String code, URI callback, CodeVerifier verifier)
      throws GeneralException, IOException {
    AuthorizationCodeGrant grant =
        new AuthorizationCodeGrant(new AuthorizationCode(code), callback, verifier);
    HTTPRequest request = tokenRequest(metadata, grant).toHTTPRequest();
    request.setConnectTimeout(TIMEOUT_MILLIS);
    request.setReadTimeout(TIMEOUT_MILLIS);
    request.setFollowRedirects(false);
    var response = OIDCTokenResponseParser.parse(request.send());
    if (!response.indicatesSuccess()) {
      throw refused(
          "it does not accept the code (%s)"
              .formatted(response.toErrorResponse().getErrorObject().getCode()),
          null);
    }
    return (OIDCTokenResponse) response.toSuccessResponse();
  }

  private TokenRequest tokenRequest(OIDCProviderMetadata metadata, AuthorizationCodeGrant grant) {
    ClientID id = new ClientID(provider.clientId());
    if (provider.clientSecret().isEmpty()) {
      return new TokenRequest.Builder(metadata.getTokenEndpointURI(), id, grant).build();
    }
    Secret secret = new Secret(provider.clientSecret().get());
    List<ClientAuthenticationMethod> methods = metadata.getTokenEndpointAuthMethods();
    boolean byPost =
        methods != null
            && !methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
            && methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST);
    return new TokenRequest.Builder(
            metadata.getTokenEndpointURI(),
            byPost ? new ClientSecretPost(id, secret) : new ClientSecretBasic(id, secret),
            grant)
        .build();
  }

  private IDTokenValidator validator(OIDCProviderMetadata metadata, JWT idToken)
      throws BadJOSEException, java.net.MalformedURLException {
    if (!(idToken.getHeader().getAlgorithm() instanceof JWSAlgorithm algorithm)
        || !ALGORITHMS.contains(algorithm)) {
      throw new BadJOSEException("signed by " + idToken.getHeader().getAlgorithm());
    }
    return new IDTokenValidator(
        metadata.getIssuer(),
        new ClientID(provider.clientId()),
        algorithm,
        metadata.getJWKSetURI().toURL(),
        new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, MAX_KEYS_BYTES));
  }

  /** Some providers tell the address only when they are asked for it. */
  private static ClaimsSet more(
      OIDCProviderMetadata metadata, OIDCTokenResponse tokens, IDTokenClaimsSet claims)
      throws GeneralException, IOException {
    if (metadata.getUserInfoEndpointURI() == null) {
      return claims;
    }
    HTTPRequest request =
        new UserInfoRequest(
                metadata.getUserInfoEndpointURI(), tokens.getOIDCTokens().getAccessToken())
            .toHTTPRequest();
    request.setConnectTimeout(TIMEOUT_MILLIS);
    request.setReadTimeout(TIMEOUT_MILLIS);
    request.setFollowRedirects(false);
    UserInfoResponse response = UserInfoResponse.parse(request.send());
    if (!response.indicatesSuccess()) {
      return claims;
    }
    var person = response.toSuccessResponse().getUserInfo();
    return person != null && person.getSubject().equals(claims.getSubject()) ? person : claims;
  }

  private ProvenIdentity identity(IDTokenClaimsSet claims, ClaimsSet person) {
    String email = person.getStringClaim("email");
    boolean verified = Boolean.TRUE.equals(person.getBooleanClaim("email_verified"));
    if (email == null || !(verified || provider.trustsEmail())) {
      throw refused("it does not say that the e-mail address is verified", null);
    }
    if (!provider.speaksFor(email)) {
      throw refused("it does not speak for addresses of that domain", null);
    }
    String name = person.getStringClaim("name");
    return new ProvenIdentity(
        claims.getIssuer().getValue(),
        claims.getSubject().getValue(),
        email,
        name == null ? "" : name);
  }

  /** What exactly went wrong is the operator's to read. */
  private SignInException refused(String why, @Nullable Exception cause) {
    LOG.warn("signing in by {}: {}", provider.name(), why, cause);
    return new SignInException(
        Reason.PROVIDER_REFUSED,
        "Signing in by %s did not work: %s.".formatted(provider.title(), why),
        0);
  }
}
