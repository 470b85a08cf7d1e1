// De vergelijking bij het meten van machinetokens: oidc-provider met zijn eigen geheugenopslag, zoals hij geleverd wordt.
//   node vergelijking.mjs POORT CLIENT_ID PUBLIEKE_JWK
import Provider from 'oidc-provider';

const [poort, clientId, jwk] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${poort}`, {
  clients: [{
    client_id: clientId, grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
    token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256', jwks: { keys: [JSON.parse(jwk)] },
  }],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
});
provider.listen(Number(poort), '127.0.0.1');
