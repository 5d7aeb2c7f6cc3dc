// Asks the browser for a passkey, where it knows them: a new one, or one that the account has. Question and answer are JSON,
// in the page and in the form that is sent.
const asking = document.querySelectorAll("[data-passkey]");

async function ask({ passkey, question }) {
  const options = JSON.parse(question);
  return passkey === "create"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

for (const part of asking) {
  if (!globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON) break;
  const form = part.closest("form");
  const fault = form.querySelector("[data-passkey-fault]");
  part.hidden = false;
  part.querySelector("button").addEventListener("click", async () => {
    fault.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await ask(part.dataset));
      form.submit();
    } catch {
      fault.hidden = false;
    }
  });
}
