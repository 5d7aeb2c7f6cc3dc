// On the pages of those who sign in: what a participant answered in this browser is for nobody here to see, so the worker
// forgets it. What has not been sent yet stays, encrypted.
const registration = await navigator.serviceWorker?.getRegistration("/q/");
registration?.active?.postMessage({ forget: true });
