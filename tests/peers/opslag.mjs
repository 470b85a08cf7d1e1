// Geheugenopslag voor oidc-provider. Clients komen er later bij: de hub kent zijn callbackadres pas na registratie.
export function maakOpslag(clients) {
  const rijen = new Map();
  const vanGrant = new Map();
  const vers = (rij) => (rij && (!rij.tot || rij.tot > Date.now()) ? rij.waarde : undefined);
  return class Opslag {
    constructor(soort) {
      this.soort = soort;
    }

    sleutel(id) {
      return `${this.soort}:${id}`;
    }

    async upsert(id, waarde, secondenGeldig) {
      rijen.set(this.sleutel(id), { waarde, tot: secondenGeldig ? Date.now() + secondenGeldig * 1000 : 0 });
      if (waarde.uid) rijen.set(`uid:${this.soort}:${waarde.uid}`, { waarde, tot: 0 });
      if (waarde.grantId) vanGrant.set(waarde.grantId, [...(vanGrant.get(waarde.grantId) ?? []), this.sleutel(id)]);
    }

    async find(id) {
      return this.soort === 'Client' ? clients.get(id) : vers(rijen.get(this.sleutel(id)));
    }

    async findByUid(uid) {
      return vers(rijen.get(`uid:${this.soort}:${uid}`));
    }

    async findByUserCode() {
      return undefined;
    }

    async consume(id) {
      const rij = rijen.get(this.sleutel(id));
      if (rij) rij.waarde.consumed = Math.floor(Date.now() / 1000);
    }

    async destroy(id) {
      rijen.delete(this.sleutel(id));
    }

    async revokeByGrantId(grantId) {
      for (const sleutel of vanGrant.get(grantId) ?? []) rijen.delete(sleutel);
      vanGrant.delete(grantId);
    }
  };
}
