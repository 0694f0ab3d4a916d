'use strict';
// The second half of a new session goes from the login page into the storage of this address, which no other port can read.
try {
  localStorage.setItem('praline-key', document.body.dataset.key);
  location.replace('/');
} catch {
  document.getElementById('say').textContent = 'This browser does not keep anything for this page (cookies and site data are blocked), so it cannot be logged in. Allow site data for this address and open a fresh login link.';
}
