// A mail server that takes in whatever it is sent.
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

/** Starts a mail server. Resolves to the mails that it has, as text, its port, and stop(). */
export async function startMail() {
  const mails = [];
  const server = createServer((socket) => {
    let mail;
    const say = (line) => socket.write(`${line}\r\n`);
    say("220 localhost");
    createInterface({ input: socket, crlfDelay: Infinity }).on("line", (line) => {
      if (mail !== undefined && line === ".") {
        mails.push(mail);
        mail = undefined;
        say("250 kept");
      } else if (mail !== undefined) mail += `${line}\n`;
      else if (/^DATA/i.test(line)) {
        mail = "";
        say("354 go on");
      } else if (/^QUIT/i.test(line)) {
        say("221 bye");
        socket.end();
      } else say("250 ok");
    });
    socket.on("error", () => {}); // a client may hang up
  });
  await once(server.listen(0, "127.0.0.1").unref(), "listening");
  return { mails, port: server.address().port, stop: () => server.close() };
}
