// An SMSC: takes one ESME after the other, tells what they submit, delivers what comes on standard input.
// One JSON object a line, both ways.
'use strict';
const readline = require('readline');
const smpp = require('smpp');

const hex = value => Buffer.from(value).toString('hex').toUpperCase();
let current;
let number = 0;

const server = smpp.createServer({}, session => {
  session.on('bind_transceiver', pdu => {
    const status = pdu.password === process.argv[2] ? 0 : smpp.ESME_RINVPASWD;
    session.send(pdu.response({ command_status: status, system_id: 'npm' }));
    if (status === 0) current = session;
    console.log(JSON.stringify({ event: 'bind', systemId: pdu.system_id, status }));
  });
  session.on('submit_sm', pdu => {
    const status = pdu.destination_addr === '000' ? smpp.ESME_RTHROTTLED : 0;
    session.send(pdu.response(status ? { command_status: status } : { message_id: (++number).toString(16) }));
    if (process.argv[3] === 'quiet') return;
    console.log(JSON.stringify({
      event: 'submit_sm',
      source: pdu.source_addr,
      destination: pdu.destination_addr,
      ton: pdu.dest_addr_ton,
      npi: pdu.dest_addr_npi,
      esmClass: pdu.esm_class,
      protocolId: pdu.protocol_id,
      dataCoding: pdu.data_coding,
      registeredDelivery: pdu.registered_delivery,
      validity: pdu.validity_period,
      text: hex(pdu.short_message.message),
      header: pdu.short_message.udh ? pdu.short_message.udh.map(hex) : [],
      reference: pdu.user_message_reference,
    }));
  });
  session.on('enquire_link', pdu => session.send(pdu.response()));
  session.on('unbind', pdu => {
    session.send(pdu.response());
    console.log(JSON.stringify({ event: 'unbind' }));
    session.close();
  });
  session.on('error', error => console.log(JSON.stringify({ event: 'error', reason: error.message })));
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ event: 'listening', port: server.address().port })));

readline.createInterface({ input: process.stdin }).on('line', line => {
  current.deliver_sm(JSON.parse(line), pdu =>
    console.log(JSON.stringify({ event: 'deliver_sm_resp', status: pdu.command_status })));
});
