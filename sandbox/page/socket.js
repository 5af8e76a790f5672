/** Keeps a websocket open: what happens comes in, and after a break it connects again. */

const PING_EVERY = 30_000;
const SLOWEST_RETRY = 8_000;

/** Connect as whom `enter` logs in; `heard` gets events, `up` and `down` tell of the connection. */
export function connect({ enter, heard, up, down }) {
  let socket = null;
  let closed = false;
  let wait = 500;
  let timer = 0;

  async function open() {
    try {
      listen(await enter());
    } catch {
      retry();
    }
  }

  function listen(token) {
    if (closed) return;
    let sequence = 1;
    let answered = true;
    let pings = 0;
    socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/v4/websocket`);
    const send = (action, data = {}) => socket.send(JSON.stringify({ seq: sequence++, action, data }));
    socket.onopen = () => send("authentication_challenge", { token });
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      answered ||= frame.seq_reply !== undefined;
      if (frame.status === "FAIL") socket.close();
      else if (frame.event === "hello") {
        wait = 500;
        up();
        pings = setInterval(() => {
          if (!answered) socket.close();
          answered = false;
          send("ping");
        }, PING_EVERY);
      } else if (frame.event && !closed) heard(frame);
    };
    socket.onclose = () => {
      clearInterval(pings);
      retry();
    };
  }

  function retry() {
    if (closed) return;
    down();
    timer = setTimeout(open, wait);
    wait = Math.min(wait * 2, SLOWEST_RETRY);
  }

  open();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}
