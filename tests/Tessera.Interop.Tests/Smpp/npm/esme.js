// An ESME: binds at the SMSC of argv[2], submits what comes on standard input, answers what is delivered.
// One JSON object a line, both ways.
'use strict';
const readline = require('readline');
const smpp = require('smpp');

const tell = (event, pdu) => console.log(JSON.stringify({
  event,
  status: pdu.command_status,
  messageId: pdu.message_id,
  systemId: pdu.system_id,
  source: pdu.source_addr,
  destination: pdu.destination_addr,
  esmClass: pdu.esm_class,
  dataCoding: pdu.data_coding,
  text: pdu.short_message && hex(pdu.short_message.message),
  header: pdu.short_message && pdu.short_message.udh ? pdu.short_message.udh.map(hex) : [],
  payload: pdu.message_payload && hex(pdu.message_payload.message),
  receiptedMessageId: pdu.receipted_message_id,
  messageState: pdu.message_state,
  reference: pdu.user_message_reference,
}));
const hex = value => Buffer.from(value).toString('hex').toUpperCase();

const session = smpp.connect({ url: `smpp://127.0.0.1:${process.argv[2]}` }, () => {
  session.bind_transceiver({ system_id: process.argv[3], password: process.argv[4] }, pdu => {
    tell('bound', pdu);
    if (pdu.command_status !== 0) session.close();
  });
});
session.on('deliver_sm', pdu => {
  session.send(pdu.response({ command_status: pdu.source_addr === '666' ? smpp.ESME_RX_P_APPN : 0 }));
  tell('deliver_sm', pdu);
});
session.on('enquire_link', pdu => {
  session.send(pdu.response());
  tell('enquire_link', pdu);
});
session.on('unbind', pdu => {
  session.send(pdu.response());
  tell('unbind', pdu);
});
session.on('close', () => {
  console.log(JSON.stringify({ event: 'closed' }));
  process.exit(0);
});
session.on('error', error => console.log(JSON.stringify({ event: 'error', reason: error.message })));

readline.createInterface({ input: process.stdin }).on('line', line => {
  const order = JSON.parse(line);
  if (order.unbind) {
    session.unbind(pdu => {
      tell('unbind_resp', pdu);
      session.close();
    });
    return;
  }

  if (order.hexText) order.short_message = { udh: Buffer.from(order.hexHeader, 'hex'), message: Buffer.from(order.hexText, 'hex') };
  delete order.hexText;
  delete order.hexHeader;
  session.submit_sm(order, pdu => tell('submit_sm_resp', pdu));
});
