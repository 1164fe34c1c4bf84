export async function composeProgram(): Promise<readonly string[] | undefined> {
  return undefined;
}
