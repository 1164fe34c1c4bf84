/** Variables that the engine's own tools know, read as they read them. */
export const engineVariables: readonly { name: string; meaning: string }[] = [
  { name: 'DOCKER_HOST', meaning: "the engine's address: `unix:///path` or `tcp://host:port`" },
  { name: 'DOCKER_TLS_VERIFY', meaning: 'any value: talk TLS to a `tcp://` address and verify it' },
  { name: 'DOCKER_CERT_PATH', meaning: 'folder with `ca.pem`, `cert.pem` and `key.pem`' },
  { name: 'DOCKER_API_VERSION', meaning: 'speak this version of the API instead of negotiating one' },
  { name: 'DOCKER_AUTH_CONFIG', meaning: 'logins for registries, as the JSON of a `config.json`; never cloned' },
  { name: 'DOCKER_AUTH_CONFIG_FILE', meaning: 'a file with that JSON' },
  { name: 'DOCKER_CONFIG', meaning: "folder of Docker's `config.json`, in place of `~/.docker`: logins and contexts" },
  { name: 'CONTAINERD_ADDRESS', meaning: "containerd's socket: `/run/containerd/containerd.sock`" },
  { name: 'CONTAINERD_NAMESPACE', meaning: 'as `OFFSHOOT_NAMESPACE`, which wins' },
  { name: 'CONTAINERD_SNAPSHOTTER', meaning: 'the snapshotter that nerdctl uses for new containers' },
];

/** Our own logins, not for siblings. */
export const loginVariables: readonly string[] = ['DOCKER_AUTH_CONFIG', 'DOCKER_AUTH_CONFIG_FILE'];
