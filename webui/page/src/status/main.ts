import { mount } from 'svelte';
import StatusApp from './StatusApp.svelte';
import '../app.css';

const target = document.getElementById('app');
if (target) mount(StatusApp, { target });
